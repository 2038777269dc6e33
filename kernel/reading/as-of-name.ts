/** What a past may be called: the replay tool gives the name, reads ask for it. */
export const asOfName = /^[A-Za-z0-9_-]{1,64}$/;
