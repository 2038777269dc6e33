import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/**
 * Parts of a page that may come a frame later are drawn one after another, some in each frame, so
 * that keys and scrolling get their turn between them, however much comes into sight at once.
 */

const waiting = new Set<() => void>();
/** Of work in a frame; layout and painting of what was drawn come on top. */
const longestMs = 6;
let isAsked = false;

function ask(): void {
  if (isAsked || waiting.size === 0) return;
  isAsked = true;
  requestAnimationFrame(() => {
    const began = performance.now();
    isAsked = false;
    for (const draw of waiting) {
      waiting.delete(draw);
      // At once, so that the time tells how much more fits into this frame.
      flushSync(draw);
      if (performance.now() - began > longestMs) break;
    }
    ask();
  });
}

/** @returns whether this component's turn to be drawn has come. */
export function useTurn(): boolean {
  const [isIts, setIts] = useState(false);
  useEffect(() => {
    const draw = () => setIts(true);
    waiting.add(draw);
    ask();
    return () => {
      waiting.delete(draw);
    };
  }, []);
  return isIts;
}
