import type { Command } from 'commander';
import { LogChangedError } from '#kernel/following/log-verifier.ts';
import { LaneReadError, LogUnavailableError, TopicError } from '#kernel/log/log.ts';
import { isMongoAway } from '#kernel/mongo/mongo-away.ts';
import { exit, ToolError } from './exit.ts';
import { type Tool, withTool } from './tool.ts';

/** The result of a command. */
export type Outcome = {
  /** For people. */
  text: string;
  /** For `--json`. */
  json: unknown;
  code?: (typeof exit)[keyof typeof exit];
};

/** Makes a command's action: it does the work on the parts, and prints the outcome. */
export const runs =
  <Args extends unknown[], Options>(
    work: (tool: Tool, options: Options & { json: boolean }, ...args: Args) => Promise<Outcome>,
  ) =>
  // Commander passes the arguments, then the options, then the command.
  async (...given: unknown[]): Promise<void> => {
    const args = given.slice(0, -2) as Args;
    const command = given.at(-1) as Command;
    const options = command.opts<Options & { json: boolean }>();
    await withTool(async (tool) => {
      try {
        const { text, json, code = exit.done } = await work(tool, options, ...args);
        process.stdout.write(`${options.json ? JSON.stringify(json, null, 2) : text}\n`);
        process.exitCode = code;
      } catch (error) {
        if (!tool.stop.aborted) throw told(error);
        process.stderr.write('Interrupted. No served view has changed.\n');
        process.exitCode = exit.interrupted;
      }
    });
  };

/** Turns an error whose message suffices to mend it into a ToolError. */
function told(error: unknown): unknown {
  const known = [LogChangedError, LaneReadError, LogUnavailableError, TopicError];
  if (known.some((kind) => error instanceof kind)) return new ToolError((error as Error).message);
  if (!isMongoAway(error)) return error;
  return new ToolError(`MongoDB is out of reach: ${(error as Error).message}`);
}
