import { defineConfig } from 'vitest/config';

/**
 * One project per kind of test, run one after the other (groupOrder), so that time-outs never race with another kind's load.
 * Forks everywhere: tests own processes, signals and sockets, and a fork that cannot end shows a leak instead of hiding it.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    allowOnly: false,
    teardownTimeout: 10_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{journeys,crash,cluster}/**'],
          sequence: { groupOrder: 0 },
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          // They mostly wait: for outages of 30 s, and for a dead worker's lock.
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'crash',
          include: ['test/crash/**/*.test.ts'],
          sequence: { groupOrder: 2 },
          maxWorkers: 2,
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          sequence: { groupOrder: 3 },
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
