import express, { type Router } from 'express';
import type { Command } from '../aggregate.ts';
import { withAssertions } from '../writer/known-streams.ts';
import type { Lanes } from '../writer/lanes.ts';
import { authenticated } from './authenticated.ts';
import { bulkPriority, Forwarded } from './forwarding.ts';
import { ForwardedItems, type ForwardedResult } from './grouped-forwarding.ts';
import { batchBytes, jsonBody } from './json-body.ts';
import { problemBody, problemOf } from './problem-answers.ts';
import { senderOf } from './sender.ts';
import type { Submitter } from './submitter.ts';

/** More than a client may send, since its input comes wrapped. */
const forwardedBytes = 2 * batchBytes;

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
    router.post(`/internal/batches/${command.name}`, allowed, body, async (req, res) => {
      const { items, ...keys } = ForwardedItems.parse(req.body);
      const sender = senderOf(req);
      const envelope = { ...keys, expectedVersion: null, bulk: true };
      const decide = async (given: (typeof items)[number]): Promise<ForwardedResult> => {
        const input = command.input.parse(given.input);
        const asked = await submitter.prepare(command, input, envelope, sender);
        return { outcome: await lanes.decide(asked, given.term) };
      };
      res.json(await Promise.all(items.map((item) => decide(item).catch(problemIn))));
    });
  }
  return router;
}

const problemIn = (error: unknown): ForwardedResult => ({ problem: problemBody(problemOf(error)) });
