import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Every browser that runs the console reads woff2: the woff twins would double the 300 slices of Noto Sans SC. */
const onlyWoff2: Plugin = {
  name: 'only-woff2',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('@fontsource') || !id.endsWith('.css')) return;
    return { code: code.replace(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, ''), map: null };
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [onlyWoff2, react()],
  // What is built is what operators run, whoever starts the build: a test's NODE_ENV must not bring React's development half.
  define: { 'process.env.NODE_ENV': JSON.stringify('production') },
  oxc: { jsx: { runtime: 'automatic', development: false } },
  // The gateway's policy is `default-src 'self'`: nothing may become a data: URL.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: {
      '/v1': 'http://127.0.0.1:4100',
      '/healthz': 'http://127.0.0.1:4100',
      '/socket.io': { target: 'ws://127.0.0.1:4100', ws: true },
    },
  },
});
