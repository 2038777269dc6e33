import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a client may go on sending after its answer. */
const lingerMs = 1_000;

/**
 * For an answer in the middle of an upload. Closing at once would reset the connection, and the
 * client could lose the answer with it. So the rest of the upload is discarded for a moment, and
 * only a client that goes on sending is cut off.
 */
export function leaveUnread(req: IncomingMessage, res: ServerResponse): void {
  res.once('finish', () => {
    req.resume();
    if (req.complete) return;
    const cut = setTimeout(() => req.socket.destroy(), lingerMs);
    req.once('close', () => clearTimeout(cut));
  });
}
