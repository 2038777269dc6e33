import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { addressesOf } from './public-addresses.ts';

export type PostOptions = {
  headers: Record<string, string>;
  body: string;
  allowHttp: boolean;
  allowPrivate: boolean;
  stop: AbortSignal;
};

const answerWithinMs = 15_000;
/** The answer says yes or no by its status; more of it than this is not read. */
const readBytes = 16 * 1024;

/**
 * Posts to somebody's URL, at an address that was checked, and follows no redirect.
 * @returns the status. @throws Error if there is no answer, or the URL is not allowed.
 */
export async function post(text: string, options: PostOptions): Promise<number> {
  const url = new URL(text);
  const { headers, body, allowHttp, allowPrivate } = options;
  if (url.protocol !== 'https:' && !allowHttp) throw new Error('the URL is not https://');
  const late = AbortSignal.timeout(answerWithinMs);
  const signal = AbortSignal.any([options.stop, late]);
  const ended = new Promise<never>((_, reject) => {
    const end = () =>
      reject(new Error(late.aborted ? `no answer within ${answerWithinMs} ms` : 'stopped'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  ended.catch(() => {});
  const addresses = await Promise.race([addressesOf(url, allowPrivate), ended]);
  const lookup: LookupFunction = (_host, { all }, found) => {
    const [first] = addresses;
    if (all) found(null, [...addresses]);
    else found(null, first!.address, first!.family);
  };
  const { request } = url.protocol === 'https:' ? https : http;
  const answered = new Promise<number>((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', headers, lookup, agent: false, signal, maxHeaderSize: readBytes },
      (answer) => {
        let read = 0;
        answer.on('data', (part: Buffer) => {
          read += part.length;
          if (read > readBytes) sent.destroy();
        });
        answer.on('error', () => {});
        answer.on('close', () => resolve(answer.statusCode ?? 0));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
  answered.catch(() => {});
  return Promise.race([answered, ended]);
}
