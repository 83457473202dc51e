// How the page is built: two builds of the same sources are the same bytes. Read by `make graphiql`.

import { createHash } from 'node:crypto';

import { defineConfig } from 'vite';

const FONT = /url\(["']?data:font\/(woff2?|ttf)(?:;charset=[\w-]+)?;base64,([^"')]+)["']?\)/g;

export default defineConfig({
  base: '/graphiql/assets/',
  publicDir: false,
  worker: { format: 'es' },
  plugins: [fontsAsFiles()],
  build: {
    outDir: 'built',
    assetsDir: '.',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    license: { fileName: 'license.md' },
    manifest: 'entries.json',
    // Libraries apart from our own scripts: a change of ours leaves the name and bytes of the large files as they are.
    rolldownOptions: {
      input: ['nonce.js', 'main.jsx'],
      output: {
        codeSplitting: {
          groups: [
            { name: 'editor', test: /node_modules[\\/]monaco-/, priority: 2 },
            { name: 'libraries', test: /node_modules/, entriesAware: true, priority: 1 },
          ],
        },
      },
    },
  },
});

// Fonts come as data: addresses inside of the libraries' style sheets; the page's policy loads fonts from files only.
function fontsAsFiles() {
  return {
    name: 'fonts-as-files',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const sheet of Object.values(bundle)) {
        if (!sheet.fileName.endsWith('.css')) continue;
        sheet.source = String(sheet.source).replace(FONT, (_, kind, encoded) => {
          const source = Buffer.from(encoded, 'base64');
          const fileName = `font-${createHash('sha256').update(source).digest('hex').slice(0, 12)}.${kind}`;
          this.emitFile({ type: 'asset', fileName, source });
          return `url(${fileName})`;
        });
      }
    },
  };
}
