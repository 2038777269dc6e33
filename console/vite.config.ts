import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const compressible = /\.(js|css|html|svg)$/;

/** The highest quality takes seconds, for a few percent. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** Writes `.gz` and `.br` beside each file, so that the server compresses nothing itself. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir = '' }) {
    for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !compressible.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(`${path}.br`, brotliCompressSync(bytes, brotli));
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  // The page works at any path of any host.
  base: './',
  plugins: [react(), compressed],
  build: {
    // The policy allows no data: URLs for fonts or scripts.
    ...{ target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    // Vite asks for the styles of a page once only, also when that fails.
    cssCodeSplit: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:4000', '/console.json': 'http://127.0.0.1:4000' } },
});
