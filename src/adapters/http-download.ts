import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DrError, type ErrorCode } from '../errors.ts';
import type { Download, FileOrder } from '../ports.ts';

/** How long one file may take, ms. */
const LIMIT_MS = 30_000;

/** Fetches files of a storage location by signed URL. The URL is a secret: it is in no message. */
export const download: Download = async (order, signal) => {
  const url = new URL(order.url);
  refuseForeign(url, order.hosts);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    const response = await open(url, limit);
    refuseStatus(response.statusCode ?? 0, url.host, () => response.destroy());
    return await unpack(response, order, limit);
  } catch (thrown) {
    if (thrown instanceof DrError) throw thrown;
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'Z_DATA_ERROR') {
      throw storageError('STORAGE_REFUSED', `What object storage ${url.host} sent is not gzip.`, thrown);
    }
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw storageError('STORAGE_UNREACHABLE', `Object storage ${url.host} does not answer: ${reason}.`, thrown);
  }
};

function refuseForeign(url: URL, hosts: readonly string[]): void {
  const known = hosts.some((host) =>
    host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : host === url.host || host === url.hostname,
  );
  if (known && ['http:', 'https:'].includes(url.protocol)) return;
  throw storageError(
    'STORAGE_REFUSED',
    `The download address points to ${url.host}, which is not the storage location's host (${hosts.join(', ')}).`,
  );
}

function open(url: URL, signal: AbortSignal): Promise<import('node:http').IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, { signal, agent: false }, resolve).once('error', reject).end();
  });
}

function refuseStatus(status: number, host: string, discard: () => void): void {
  if (status === 200) return;
  discard();
  if (status === 404) throw storageError('STORAGE_MISSING', `Object storage ${host} does not have the file.`);
  if (status >= 500 || status === 429)
    throw storageError('STORAGE_UNREACHABLE', `Object storage ${host} answered ${status}.`);
  throw storageError(
    'STORAGE_REFUSED',
    `Object storage ${host} answered ${status}${status >= 300 && status < 400 ? '; redirects are not followed' : ''}.`,
  );
}

async function unpack(
  response: import('node:http').IncomingMessage,
  order: FileOrder,
  signal: AbortSignal,
): Promise<string> {
  const chunks: Buffer[] = [];
  let unpacked = 0;
  const capped = async function* (source: AsyncIterable<Buffer>) {
    let packed = 0;
    for await (const chunk of source) {
      packed += chunk.length;
      if (packed > order.maxBytes) throw tooLarge(order.maxBytes);
      yield chunk;
    }
  };
  await pipeline(
    response,
    capped,
    createGunzip(),
    async (source: AsyncIterable<Buffer>) => {
      for await (const chunk of source) {
        unpacked += chunk.length;
        if (unpacked > order.maxUnpackedBytes) throw tooLarge(order.maxUnpackedBytes);
        chunks.push(chunk);
      }
    },
    { signal },
  );
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(limit: number): DrError {
  return storageError('STORAGE_REFUSED', `The file is larger than ${Math.round(limit / 1_048_576)} MiB.`);
}

const ACTIONS: Partial<Record<ErrorCode, string>> = {
  STORAGE_UNREACHABLE: "Check that the storage location's address can be reached from here.",
  STORAGE_MISSING: 'Velero could not write it, or it was deleted: look at the Velero server log.',
  STORAGE_REFUSED: 'Check the BackupStorageLocation: s3Url, publicUrl, and the clock.',
};

function storageError(code: ErrorCode, message: string, cause?: unknown): DrError {
  return new DrError({ code, message, action: ACTIONS[code] ?? '', retryable: code === 'STORAGE_UNREACHABLE', cause });
}
