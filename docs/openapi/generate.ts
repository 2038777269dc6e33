import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { document as commandApi } from '../../command-api/document.ts';
import { document as queryApi } from '../../query-api/document.ts';

/** Writes the documents, as the services serve them, beside this file: see `npm run generate`. */

export const documents = { 'command-api': commandApi, 'query-api': queryApi };

export const fileOf = (service: string): string => join(import.meta.dirname, `${service}.json`);

export const textOf = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

if (import.meta.main) {
  for (const [service, document] of Object.entries(documents)) {
    writeFileSync(fileOf(service), textOf(document));
    console.log(relative(process.cwd(), fileOf(service)));
  }
}
