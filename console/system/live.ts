import { useEffect } from 'react';
import { answers } from './api.ts';

/** How often a list is read again where the API doesn't tell of changes. */
const everyMs = 1_000;

/**
 * Keeps the answers with these keys up to date while a component is on the screen and its page is
 * looked at. A read whose answer hasn't changed costs a 304: the browser sends its ETag along.
 */
export function useLive(key: readonly unknown[]): void {
  const text = JSON.stringify(key);
  useEffect(() => {
    const queryKey = JSON.parse(text) as unknown[];
    let timer: ReturnType<typeof setTimeout>;
    const again = async () => {
      if (document.visibilityState === 'visible') await answers.refetchQueries({ queryKey });
      timer = setTimeout(again, everyMs);
    };
    timer = setTimeout(again, everyMs);
    return () => clearTimeout(timer);
  }, [text]);
}
