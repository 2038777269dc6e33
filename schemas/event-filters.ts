/** The fields of events by which people look for them, by the names that they use for these. */
export const eventFilters = { movie: 'movieId', ticket: 'ticketId' };
