import express, { type Router } from 'express';
import type { Command } from '../aggregate.ts';
import { withAssertions } from '../writer/known-streams.ts';
import type { Lanes } from '../writer/lanes.ts';
import { authenticated } from './authenticated.ts';
import { bulkPriority, Forwarded } from './forwarding.ts';
import { jsonBody } from './json-body.ts';
import { senderOf } from './sender.ts';
import type { Submitter } from './submitter.ts';

/** More than a client may send, since its input comes wrapped. */
const forwardedBytes = 128 * 1024;

/** Takes commands from other nodes; never passes them on. */
export function forwardedCommands(options: {
  commands: readonly Command[];
  submitter: Submitter;
  lanes: Pick<Lanes, 'decide'>;
}): Router {
  const { commands, submitter, lanes } = options;
  const router = express.Router();
  const body = jsonBody({ limit: forwardedBytes });
  for (const command of withAssertions(commands)) {
    const roles = [command.role].flat();
    const allowed = authenticated(roles.length > 0 ? roles : null);
    router.post(`/internal/commands/${command.name}`, allowed, body, async (req, res) => {
      const { input, term, ...envelope } = Forwarded.parse(req.body);
      const asked = await submitter.prepare(
        command,
        command.input.parse(input),
        { ...envelope, bulk: req.get('priority') === bulkPriority },
        senderOf(req),
      );
      // The asking node may have left, and be asking again.
      if (!res.closed) res.json(await lanes.decide(asked, term));
    });
  }
  return router;
}
