import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

/** Writes the types of both APIs from their OpenAPI documents: see `npm run generate`. */

export const apis = { commands: 'command-api', queries: 'query-api' } as const;
export type Api = keyof typeof apis;

export const fileOf = (api: Api): string => join(import.meta.dirname, 'generated', `${api}.ts`);

export async function typesOf(api: Api): Promise<string> {
  const path = join(import.meta.dirname, '..', 'docs', 'openapi', `${apis[api]}.json`);
  const document = JSON.parse(readFileSync(path, 'utf8'), keyFromClient) as OpenAPI3;
  const types = astToString(await openapiTS(document));
  return `// Written by \`npm run generate\` from docs/openapi/${apis[api]}.json.\n\n${types}`;
}

/** The client adds a key to commands that come without one. */
function keyFromClient(this: unknown, name: string, value: unknown): unknown {
  const isKey = name === 'required' && (this as { name?: unknown }).name === 'Idempotency-Key';
  return isKey ? false : value;
}

if (import.meta.main) {
  for (const api of Object.keys(apis) as Api[]) {
    writeFileSync(fileOf(api), await typesOf(api));
    console.log(relative(process.cwd(), fileOf(api)));
  }
}
