import { problemType } from '@event-sourced/kernel/problems';

export const movieUnknown = problemType('movie-unknown', 404, 'There is no such movie');
export const movieRetired = problemType('movie-retired', 409, 'The movie is retired');
export const movieDiffers = problemType('movie-differs', 409, 'The id already holds another movie');
