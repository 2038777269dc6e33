import { buildConsole, isBuilt } from '../../../console/build.ts';
import type { Progress } from '../../base/progress.ts';
import type { DemoUser, Sign } from '../../system/screen.ts';

/** The console lets these vote, so that somebody alone sees a ranking move. */
const invented: DemoUser[] = Array.from({ length: 10 }, (_, index) => ({
  user: `viewer-${index + 1}`,
  roles: ['viewer'],
}));

/**
 * Builds the console where its sources have changed, and lets it offer the demo users: query-api
 * gives their tokens to its own page on this machine alone.
 */
export async function prepareConsole(
  demoUsers: readonly DemoUser[],
  progress: Progress,
  sign: Sign,
): Promise<NodeJS.ProcessEnv> {
  if (!isBuilt()) await progress.step('Build the console', () => buildConsole());
  if (!sign) return {};
  const users = [...demoUsers, ...invented].map(async (one) => ({
    ...one,
    token: await sign(one),
  }));
  return { CONSOLE_DEMO_USERS: JSON.stringify(await Promise.all(users)) };
}
