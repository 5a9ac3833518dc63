const swc = {
  sourceMaps: 'inline',
  module: { type: 'commonjs' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
};

export default {
  rootDir: '..',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{apps,libs,config}/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  moduleNameMapper: {
    '^@tocsin/config$': '<rootDir>/config/settings.ts',
    '^@tocsin/(domain|contracts|store|queue|channels|realtime|operations|telemetry|testing)$':
      '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': ['$1', '$1.js'],
  },
  transform: { '^.+\\.ts$': ['@swc/jest', swc], '^.+\\.m?js$': '<rootDir>/test/jest-esm-to-cjs.cjs' },
  transformIgnorePatterns: [],
  modulePathIgnorePatterns: ['<rootDir>/(apps|libs|config)/.*dist/', '<rootDir>/.cache/'],
  testTimeout: 120_000,
};
