import { IncomingMessage, type ServerOptions, ServerResponse } from 'node:http';
import type { Express, Request, Response } from 'express';

/** Sets a common header; the route's own of the same name goes before it. */
export function setCommon(res: Response, name: string, value: string): void {
  const { common } = res;
  if (!common) return void res.setHeader(name, value);
  const at = common.indexOf(name);
  if (at < 0) common.push(name, value);
  else common[at + 1] = value;
}

/**
 * Begins an answer with all of its headers in one pass: set one by one, each would be checked and
 * kept by itself, which takes longer than the rest of a short answer.
 * @param headers names and values in turn; none that is common.
 */
export function writeHeaders(res: Response, status: number, headers: readonly string[]): void {
  const { common = [] } = res;
  res.common = [];
  res.writeHead(status, [...common, ...headers]);
}

/** Answers with JSON; headers as above. */
export function sendJson(
  res: Response,
  status: number,
  headers: readonly string[],
  body: unknown,
): void {
  const text = JSON.stringify(body);
  const type = ['Content-Type', 'application/json; charset=utf-8'];
  const length = String(Buffer.byteLength(text));
  writeHeaders(res, status, [...headers, ...type, 'Content-Length', length]);
  res.end(text);
}

/** Answers of other routes get the common headers when they begin. */
export function writeCommonHeaders(app: Express): void {
  const write = ServerResponse.prototype.writeHead as (...given: unknown[]) => Response;
  app.response.writeHead = function writeHead(this: Response, ...given: unknown[]) {
    const { common = [] } = this;
    for (let at = 0; at < common.length; at += 2) {
      const name = common[at] as string;
      if (!this.hasHeader(name)) this.setHeader(name, common[at + 1] as string);
    }
    return write.apply(this, given);
  };
  // A route may have good reasons to go without one of them.
  const remove = ServerResponse.prototype.removeHeader;
  app.response.removeHeader = function removeHeader(this: Response, name: string) {
    const { common = [] } = this;
    const isIt = (one: string, at: number) =>
      at % 2 === 0 && one.toLowerCase() === name.toLowerCase();
    const at = common.findIndex(isIt);
    if (at >= 0) common.splice(at, 2);
    remove.call(this, name);
  };
}

/**
 * Express gives each request and answer a prototype of its own, which is slow where they have
 * another one. A server that makes them of these classes spares that.
 */
export function classesOf(app: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  app.request = AppRequest.prototype as unknown as Request;
  app.response = AppResponse.prototype as unknown as Response;
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse } as Pick<
    ServerOptions,
    'IncomingMessage' | 'ServerResponse'
  >;
}
