/** The data-loss target of the procedures (RPO): one hour, in ms. */
export const RPO_MS = 60 * 60_000;
