import { defineConfig } from 'vitest/config';
import { keepFilesInMemory } from './test/memory-files.ts';
import { alone, eachFile, eachRun, resolve } from './test/run-options.ts';

keepFilesInMemory();

export default defineConfig({
  test: {
    ...eachRun,
    projects: [
      { resolve, test: { ...eachFile, name: 'alone', include: alone } },
      // To load the program anew for each file would take half as long again.
      {
        resolve,
        test: { ...eachFile, name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false },
      },
    ],
  },
});
