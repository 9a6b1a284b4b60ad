import type { z } from 'zod';
import type { ClusterReader } from '../../contracts.ts';
import { type BackupStorageLocation, DownloadRequest } from '../../domain/velero.ts';
import { type ReadableFile, storageHosts } from '../../domain/velero-files.ts';
import { DrError, isDrError } from '../../errors.ts';
import type { FileOrder } from '../../ports.ts';
import { askVelero } from './ask-velero.ts';

/** Velero answers in about a second; a name it does not know it never answers (download_request_controller.go). */
const PATIENCE_MS = 60_000;
const MISSING_TRIES = 3;
const MIB = 1_048_576;

export interface TextWish {
  kind: ReadableFile;
  /** The backup's or the restore's name. */
  name: string;
  location: BackupStorageLocation;
}

export interface FileWish<T> extends TextWish {
  schema: z.ZodType<T>;
}

/** Reads one of Velero's JSON files. @throws DrError VELERO_SILENT, STORAGE_*, CLUSTER_* */
export async function readVeleroFile<T>(context: ClusterReader, { schema, ...wish }: FileWish<T>): Promise<T> {
  return parseFile(await readVeleroText(context, wish), schema, `${wish.kind} of ${wish.name}`);
}

/**
 * Reads one of Velero's files: asks for a signed URL with a DownloadRequest, fetches, and takes the request away again.
 * @throws DrError VELERO_SILENT, STORAGE_*, CLUSTER_*
 */
export async function readVeleroText(context: ClusterReader, { kind, name, location }: TextWish): Promise<string> {
  const url = await askVelero(context, {
    kind: DownloadRequest,
    spec: { target: { kind, name } },
    patienceMs: PATIENCE_MS,
    answerOf: ({ status }) => status?.downloadURL || undefined,
  });
  if (url === undefined) throw silent(`${kind} of ${name}`);
  const order = { url, hosts: storageHosts(location), maxBytes: 16 * MIB, maxUnpackedBytes: 48 * MIB };
  return fetchWhenThere(context, order);
}

/** Velero signs addresses of files that it has not written yet. */
async function fetchWhenThere({ download, clock, signal }: ClusterReader, order: FileOrder): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await download(order, signal);
    } catch (thrown) {
      if (!isDrError(thrown, 'STORAGE_MISSING') || tries === MISSING_TRIES) throw thrown;
      await clock.sleep(1_000, signal);
    }
  }
}

function silent(what: string): DrError {
  return new DrError({
    code: 'VELERO_SILENT',
    message: `Velero did not offer ${what} within ${PATIENCE_MS / 1000} s.`,
    action: 'Check that the Velero Deployment is ready and reconciling.',
  });
}

function parseFile<T>(text: string, schema: z.ZodType<T>, what: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DrError({
      code: 'CLUSTER_UNREADABLE',
      message: `${what} does not have the shape it should.`,
      action: 'Check the Velero version.',
      cause,
    });
  }
}
