import express from 'express';
import { openTokens } from '#kernel/auth/tokens.ts';
import { answer, bareApp, serve } from './baseline.ts';

/** A minimal service: it reads the body, checks the token, and answers. */

const tokens = openTokens({ secret: process.env.AUTH_SECRET });
const app = bareApp();

app.put('/v1/movies/:movieId/vote', express.json(), async (req, res) => {
  const caller = await tokens.verify(req.headers.authorization);
  res.json(answer(`ranking/${req.params.movieId}/${caller?.userId}`));
});

await serve(app);
