import { vi } from 'vitest';

/** How long a journey waits for what must come, ms: it is over as soon as that has come, and a loaded machine is no failure. */
export const PATIENCE_MS = 90_000;
/** For a whole test. */
export const TIMEOUT = { timeout: 240_000 };

// For what is made ready before the tests.
vi.setConfig({ hookTimeout: 120_000 });
