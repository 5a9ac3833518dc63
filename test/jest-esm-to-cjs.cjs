// Jest on Node 20 cannot require() ES modules: files whose nearest package.json says "module" go through swc, the rest pass.
const swc = require('@swc/core');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const moduleTypes = new Map();

function isModuleFolder(dir) {
  if (moduleTypes.has(dir)) return moduleTypes.get(dir);
  const manifest = path.join(dir, 'package.json');
  const parent = path.dirname(dir);
  let answer = false;
  const found = fs.existsSync(manifest) ? JSON.parse(fs.readFileSync(manifest, 'utf8')) : undefined;
  if (found && (found.type || found.name)) answer = found.type === 'module';
  else if (parent !== dir) answer = isModuleFolder(parent);
  moduleTypes.set(dir, answer);
  return answer;
}

function isEsm(file) {
  if (file.endsWith('.mjs')) return true;
  return !file.endsWith('.cjs') && isModuleFolder(path.dirname(file));
}

module.exports = {
  getCacheKey: (source, file) =>
    crypto.createHash('sha1').update('esm-to-cjs 1').update(file).update(source).digest('hex'),
  process(source, file) {
    if (!isEsm(file)) return { code: source };
    return swc.transformSync(source, {
      filename: file,
      swcrc: false,
      configFile: false,
      module: { type: 'commonjs' },
      jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } },
    });
  },
};
