import type { Request, Response } from 'express';

/** How long a client may go on sending after its answer. */
const lingerMs = 1_000;

/**
 * For answers in the middle of an upload, such as 401. Closing at once would reset the connection,
 * and the client could lose the answer with it. So the rest of the upload is discarded for a
 * moment, and only a client that goes on sending is cut off.
 */
export function discardUnread(req: Request, res: Response): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = req.headers;
  if (length === undefined && encoding === undefined) return;
  res.on('finish', discard);
}

/** Emitted once. `once` would wrap the listener, for nothing. */
function discard(this: Response): void {
  const { req } = this;
  if (req.readableEnded) return;
  req.resume();
  if (req.complete) return;
  const cut = setTimeout(() => req.socket.destroy(), lingerMs);
  req.once('close', () => clearTimeout(cut));
}
