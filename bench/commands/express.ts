import { answer, serveVotes } from './baseline.ts';

/** A minimal service: it reads the body, checks the token, and answers. */

await serveVotes(({ movieId, userId }) => answer(`ranking/${movieId}/${userId}`, 1, ['VoteCast']));
