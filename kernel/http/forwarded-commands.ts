import express, { type Router } from 'express';
import type { Command } from '../aggregate.ts';
import type { PersonKeys } from '../personal/person-keys.ts';
import { withAssertions } from '../writer/known-streams.ts';
import type { Lanes } from '../writer/lanes.ts';
import type { Outcome, Request } from '../writer/request.ts';
import { authenticated } from './authenticated.ts';
import { requestsFor } from './batch-routes.ts';
import { bulkPriority, Forwarded, type Sender } from './forwarding.ts';
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
  /** The keys of people whose text is encrypted; null if none is. */
  keys?: Pick<PersonKeys, 'deciding'> | null;
}): Router {
  const { commands, submitter, lanes, keys } = options;
  const decided = (asked: Request, term: number, sender: Sender): Promise<Outcome> => {
    const decide = () => lanes.decide(asked, term);
    return keys ? keys.deciding(asked, sender, decide) : decide();
  };
  const router = express.Router();
  const body = jsonBody({ limit: forwardedBytes });
  for (const command of withAssertions(commands)) {
    const roles = [command.role].flat();
    const allowed = authenticated(roles.length > 0 ? roles : null);
    router.post(`/internal/commands/${command.name}`, allowed, body, async (req, res) => {
      const { input, term, ...envelope } = Forwarded.parse(req.body);
      const sender = senderOf(req);
      const asked = await submitter.prepare(
        command,
        command.input.parse(input),
        { ...envelope, bulk: req.get('priority') === bulkPriority },
        sender,
      );
      // The asking node may have left, and be asking again.
      if (!res.closed) res.json(await decided(asked, term, sender));
    });
    router.post(`/internal/batches/${command.name}`, allowed, body, async (req, res) => {
      const { items, ...keys } = ForwardedItems.parse(req.body);
      req.costs?.(requestsFor(items));
      const sender = senderOf(req);
      const envelope = { ...keys, expectedVersion: null, bulk: true };
      const decide = async (given: (typeof items)[number]): Promise<ForwardedResult> => {
        const input = command.input.parse(given.input);
        const asked = await submitter.prepare(command, input, envelope, sender);
        return { outcome: await decided(asked, given.term, sender) };
      };
      res.json(await Promise.all(items.map((item) => decide(item).catch(problemIn))));
    });
  }
  return router;
}

const problemIn = (error: unknown): ForwardedResult => ({ problem: problemBody(problemOf(error)) });
