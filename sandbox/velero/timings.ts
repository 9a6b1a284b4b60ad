/** How long Velero takes, in milliseconds. */
export interface VeleroTimings {
  /** Before a new restore is looked at. */
  pickUpMs: number;
  inProgressMs: number;
  waitingMs: number;
  finalizingMs: number;
  /** One volume, from New to Completed. */
  volumeMs: number;
  backupMs: number;
  /** Until a DownloadRequest or ServerStatusRequest is Processed. */
  requestMs: number;
  /** How long a DownloadRequest and its URL live (controller DownloadURLTTL). */
  downloadTtlMs: number;
  /** How long a processed ServerStatusRequest lives. */
  statusRequestTtlMs: number;
  /** How long to wait for a terminating namespace, for each item anew (velero issue 9988). Velero's default is 10 minutes. */
  terminatingTimeoutMs: number;
  /** How often the storage location is validated. */
  validationMs: number;
}

export const DEFAULT_VELERO_TIMINGS: VeleroTimings = {
  pickUpMs: 150,
  inProgressMs: 400,
  waitingMs: 200,
  finalizingMs: 200,
  volumeMs: 300,
  backupMs: 300,
  requestMs: 50,
  downloadTtlMs: 600_000,
  statusRequestTtlMs: 60_000,
  terminatingTimeoutMs: 2000,
  validationMs: 60_000,
};

export const FAST_VELERO_TIMINGS: VeleroTimings = {
  ...DEFAULT_VELERO_TIMINGS,
  pickUpMs: 5,
  inProgressMs: 20,
  waitingMs: 10,
  finalizingMs: 20,
  volumeMs: 20,
  backupMs: 20,
  requestMs: 2,
  terminatingTimeoutMs: 60,
};
