import type { Command } from 'commander';
import { exit } from './exit.ts';
import { print, say } from './output.ts';
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
        await print(options.json ? JSON.stringify(json, null, 2) : text);
        process.exitCode = code;
      } catch (error) {
        if (!tool.stop.aborted) throw error;
        say('Interrupted. No served view has changed.');
        process.exitCode = exit.interrupted;
      }
    });
  };
