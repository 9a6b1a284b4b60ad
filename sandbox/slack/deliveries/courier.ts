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
  /** Socket Mode: over a web socket, in place of a signed request. */
  carry?: Carry | undefined;
}

type Carry = (
  parcel: Parcel,
  more: { headers?: Readonly<Record<string, string>> | undefined; signal: AbortSignal },
) => Promise<Reply>;

function bodyOf({ headers, text }: Reply): Json {
  const type = headers['content-type'];
  const json = typeof type === 'string' && type.startsWith('application/json') ? parseJson(text) : undefined;
  return json ?? text;
}

function errorOf({ failure, status }: Reply): Delivery['error'] {
  if (failure === 'timeout') return 'operation_timeout';
  return status !== undefined && status >= 200 && status < 300 ? undefined : 'dispatch_failed';
}

export function createCourier({ workspace, signingSecret, ackMs, carry }: CourierOptions): Courier {
  const parcels = new Map<string, Parcel>();
  const running = new AbortController();
  let url: string | undefined;

  function transmit(parcel: Parcel, { headers, forgery }: NonNullable<Parameters<Courier['send']>[1]>): Promise<Reply> {
    const { signal } = running;
    if (carry !== undefined) {
      if (forgery !== undefined) throw new Error('nobody but Slack can send over a web socket that the app opened');
      return carry(parcel, { headers, signal });
    }
    if (url === undefined) throw new Error('Slack does not know where the app is: call pointAt(url) first');
    const { body, contentType } = parcel;
    const sent = { url, signingSecret, body, contentType, timeoutMs: ackMs, signal, forgery };
    return postSigned({ ...sent, ...(headers === undefined ? {} : { headers }) });
  }

  async function post(
    deliveryId: string,
    parcel: Parcel,
    more: Parameters<Courier['send']>[1] = {},
  ): Promise<Delivery> {
    const reply = await transmit(parcel, more);
    return {
      deliveryId,
      triggerId: parcel.triggerId,
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
