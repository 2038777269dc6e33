import { LostAnswerError } from './connections.ts';

const lookEveryMs = 1_000;
/** The answer may just be on its way, and be overtaken by what is told about it. */
const onItsWayMs = 500;

/**
 * The answer to a request, for as long as it may still come. A coordinator answers once all
 * replicas of its own log have noted the step. Where one of these has just died, that takes until
 * the cluster has noticed (`broker.session.timeout.ms`), and whoever gives up before is in doubt
 * about a step that will be done.
 * @param mayCome asked now and then; it never rejects.
 * @throws LostAnswerError once no answer is to come any more, and whatever `sent` throws.
 */
export async function slowAnswer<T>(sent: Promise<T>, mayCome: () => Promise<boolean>): Promise<T> {
  const { promise: lost, reject } = Promise.withResolvers<never>();
  const look = async () => {
    if (await mayCome()) return;
    const told = () => reject(new LostAnswerError('the coordinator gave no answer'));
    setTimeout(told, onItsWayMs).unref();
  };
  const timer = setInterval(look, lookEveryMs);
  try {
    return await Promise.race([sent, lost]);
  } finally {
    clearInterval(timer);
  }
}
