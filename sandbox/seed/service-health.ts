import type { Store } from '../cluster/store.ts';
import { SERVICE_NAME_LABEL } from '../controllers/endpoints-controller.ts';
import { answerQuery } from './clickhouse.ts';

export interface ServiceProbe {
  namespace: string;
  service: string;
  port: number;
  /** Begins with `/`. */
  path: string;
}

export interface ServiceAnswer {
  status: number;
  body: string;
}

/** `ok`: by its nature; `hang`: no answer until it is changed; or a fixed answer to every request. */
export type ServiceBehaviour = 'ok' | 'hang' | ServiceAnswer;

export interface ServiceHealth {
  /** Makes a service of a namespace behave so from now on. */
  set(namespace: string, service: string, behaviour: ServiceBehaviour): void;
  /** What the service answers. @throws Error where it speaks no HTTP, or the sandbox closes */
  probe(request: ServiceProbe): Promise<ServiceAnswer>;
  /** Ends the requests that hang. */
  close(): void;
}

const NOT_FOUND: ServiceAnswer = { status: 404, body: '404 page not found\n' };

function ordinaryAnswer(store: Store, { namespace, service, port, path }: ServiceProbe): ServiceAnswer {
  // The API server's proxy is told "malformed HTTP response" by a PostgreSQL server.
  if (port === 5432) throw new Error('malformed HTTP response "E\\x00\\x00\\x00"');
  const { pathname: route, searchParams } = new URL(path, 'http://service');
  const query = searchParams.get('query');
  if (service === 'clickhouse' && query !== null) return answerQuery(store, namespace, query);
  if (service === 'clickhouse') return route === '/ping' || route === '/' ? { status: 200, body: 'Ok.\n' } : NOT_FOUND;
  return route === '/health' ? { status: 200, body: '{"status":"ok"}' } : NOT_FOUND;
}

function hasReadyEndpoint(store: Store, namespace: string, service: string): boolean {
  const slices = store
    .list('endpointslices.discovery.k8s.io', namespace)
    .filter(({ metadata }) => metadata.labels?.[SERVICE_NAME_LABEL] === service);
  const endpoints = slices.flatMap((slice) => (slice['endpoints'] ?? []) as { conditions?: { ready?: boolean } }[]);
  return endpoints.some(({ conditions }) => conditions?.ready === true);
}

/** Plays the HTTP side of the seeded services: healthy while one of their pods is ready, or as told. */
export function createServiceHealth(store: Store): ServiceHealth {
  const behaviours = new Map<string, ServiceBehaviour>();
  const hanging = new Set<{ key: string; retry: () => void; fail: (error: Error) => void }>();

  function release(
    matches: (key: string) => boolean,
    end: (waiter: { retry: () => void; fail: (error: Error) => void }) => void,
  ): void {
    for (const waiter of [...hanging]) {
      if (!matches(waiter.key)) continue;
      hanging.delete(waiter);
      end(waiter);
    }
  }

  async function probe(request: ServiceProbe): Promise<ServiceAnswer> {
    const key = `${request.namespace}/${request.service}`;
    if (store.get('services', request.namespace, request.service) === undefined) return NOT_FOUND;
    if (!hasReadyEndpoint(store, request.namespace, request.service)) {
      return { status: 503, body: `no endpoints available for service "${request.service}"` };
    }
    const behaviour = behaviours.get(key) ?? 'ok';
    if (behaviour === 'ok') return ordinaryAnswer(store, request);
    if (behaviour !== 'hang') return behaviour;
    await new Promise<void>((retry, fail) => hanging.add({ key, retry, fail }));
    return probe(request);
  }

  return {
    probe,
    set(namespace, service, behaviour) {
      behaviours.set(`${namespace}/${service}`, behaviour);
      release(
        (key) => key === `${namespace}/${service}`,
        ({ retry }) => retry(),
      );
    },
    close: () =>
      release(
        () => true,
        ({ fail }) => fail(new Error('connection reset by peer')),
      ),
  };
}
