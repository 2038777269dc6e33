import { useRef } from 'react';

/** A form that is sent again after a failure may have been stored: the same then counts once. */
export function useFormKeys() {
  const last = useRef({ text: '', key: '' });
  return {
    keyOf(values: object): string {
      const text = JSON.stringify(values);
      if (last.current.text !== text) last.current = { text, key: crypto.randomUUID() };
      return last.current.key;
    },
    /** It is stored: the same again is another one. */
    forget() {
      last.current = { text: '', key: '' };
    },
  };
}
