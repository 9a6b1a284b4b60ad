/** One request as a test looks at it afterwards. */
export interface RequestRecord {
  verb: string;
  /** The resource's key, with its subresource: `deployments.apps/scale`; empty for discovery and the like. */
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
  path: string;
  /** HTTP status of the answer; missing while there is none. */
  status?: number;
  /** When it came in: milliseconds since 1970. */
  at: number;
}

export interface Write {
  verb: string;
  resource: string;
  namespace: string | undefined;
  /** Missing before a create that leaves the name to the server. */
  name: string | undefined;
  phase: 'before' | 'after';
}

export type WriteListener = (write: Write) => void | Promise<void>;

const LOG_LIMIT = 20_000;

export interface RequestLog {
  add(record: RequestRecord): RequestRecord;
  all(): RequestRecord[];
}

/** Keeps the newest requests. */
export function createRequestLog(): RequestLog {
  let records: RequestRecord[] = [];
  return {
    add(record) {
      records.push(record);
      if (records.length > LOG_LIMIT) records = records.slice(LOG_LIMIT / 2);
      return record;
    },
    all: () => records.map((record) => ({ ...record })),
  };
}

export interface WriteListeners {
  add(listener: WriteListener): () => void;
  tell(write: Write): Promise<void>;
}

export function createWriteListeners(): WriteListeners {
  const listeners = new Set<WriteListener>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async tell(write) {
      for (const listener of [...listeners]) await listener(write);
    },
  };
}
