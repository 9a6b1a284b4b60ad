import { type Json, parseJson } from '../json.ts';
import type { Workspace } from '../workspace.ts';
import { type Forgery, postSigned, type Reply } from './post-signed.ts';

export type DeliveryKind = 'command' | 'interaction' | 'event';

/** Something that Slack sends to the app, and can send again. */
export interface Parcel {
  kind: DeliveryKind;
  body: string;
  contentType: string;
  triggerId?: string | undefined;
}

export interface Delivery {
  deliveryId: string;
  triggerId: string | undefined;
  /** undefined: there was no answer. */
  status: number | undefined;
  /** The acknowledgement: an object where it is JSON, otherwise its text. */
  body: Json;
  tookMs: number;
  /** What Slack makes of it: `operation_timeout` after 3 s without an answer, `dispatch_failed` for anything but 2xx. */
  error: 'operation_timeout' | 'dispatch_failed' | undefined;
  headers: Reply['headers'];
}

export interface Courier {
  /** Where the app listens: `http://127.0.0.1:3000/slack/events`. */
  pointAt(url: string): void;
  send(parcel: Parcel, more?: { headers?: Record<string, string>; forgery?: Forgery | undefined }): Promise<Delivery>;
  kindOf(id: string): DeliveryKind | undefined;
  /** The same body once more, freshly signed, as Slack retries; or forged. */
  again(id: string, more?: { headers?: Record<string, string>; forgery?: Forgery | undefined }): Promise<Delivery>;
  close(): void;
}

export interface CourierOptions {
  workspace: Workspace;
  signingSecret: string;
  /** Slack's 3 s. */
  ackMs: number;
}

function bodyOf({ headers, text }: Reply): Json {
  const type = headers['content-type'];
  const json = typeof type === 'string' && type.startsWith('application/json') ? parseJson(text) : undefined;
  return json ?? text;
}

function errorOf({ failure, status }: Reply): Delivery['error'] {
  if (failure === 'timeout') return 'operation_timeout';
  return status !== undefined && status >= 200 && status < 300 ? undefined : 'dispatch_failed';
}

export function createCourier({ workspace, signingSecret, ackMs }: CourierOptions): Courier {
  const parcels = new Map<string, Parcel>();
  const running = new AbortController();
  let url: string | undefined;

  async function post(
    deliveryId: string,
    parcel: Parcel,
    more: Parameters<Courier['send']>[1] = {},
  ): Promise<Delivery> {
    if (url === undefined) throw new Error('Slack does not know where the app is: call pointAt(url) first');
    const { body, contentType, triggerId } = parcel;
    const reply = await postSigned({
      ...{ url, signingSecret, body, contentType, timeoutMs: ackMs, signal: running.signal },
      ...more,
    });
    return {
      deliveryId,
      triggerId,
      status: reply.status,
      body: bodyOf(reply),
      tookMs: reply.tookMs,
      error: errorOf(reply),
      headers: reply.headers,
    };
  }

  return {
    pointAt(target) {
      url = target;
    },
    send(parcel, more) {
      const id = workspace.nextId('delivery-');
      parcels.set(id, parcel);
      return post(id, parcel, more);
    },
    kindOf: (id) => parcels.get(id)?.kind,
    async again(id, more) {
      const parcel = parcels.get(id);
      if (parcel === undefined) throw new Error(`there was no delivery ${id}`);
      return post(id, parcel, more);
    },
    close: () => running.abort(),
  };
}

export const formOf = (fields: Record<string, string>): Pick<Parcel, 'body' | 'contentType'> => ({
  body: new URLSearchParams(fields).toString(),
  contentType: 'application/x-www-form-urlencoded',
});
