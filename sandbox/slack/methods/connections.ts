import type { Method } from './method.ts';

/** Where an app opens its next web socket; the address works once. */
export const openConnection: Method = ({ issueSocketUrl }) => ({ url: issueSocketUrl() });
