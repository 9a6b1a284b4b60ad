import type { ServerResponse } from 'node:http';
import { parseSelectors } from './reading.ts';
import { type ResourceRequest, readNumber, type StreamReply } from './request.ts';
import { isTrue } from './routing.ts';
import type { Match } from './selectors.ts';
import { badRequest, expired, toStatus } from './status-error.ts';
import type { Change, ChangeType, Store, StoredObject } from './stored-object.ts';
import { toTable, wantsTable } from './table-format.ts';

export interface WatchSettings {
  /** Between bookmarks, for watches that ask for them; kube-apiserver sends about one a minute. */
  bookmarkMs: number;
  /** Asked before each event: true cuts the connection in its place. */
  isDropped: () => boolean;
}

/** The longest that a watch lasts where it names no timeoutSeconds; kube-apiserver: 30 to 60 minutes. */
const DEFAULT_WATCH_SECONDS = 1800;

/** What a filtered watch shows of a change: an object that begins or ceases to match was added or deleted for it. */
function showChange(change: Change, matches: Match): ChangeType | undefined {
  const matched = change.previous !== undefined && matches(change.previous);
  if (change.type === 'DELETED') return matched ? 'DELETED' : undefined;
  if (matches(change.object)) return matched ? 'MODIFIED' : 'ADDED';
  return matched ? 'DELETED' : undefined;
}

function bookmark(request: ResourceRequest, revision: number): object {
  const { kind, apiVersion } = request.resource;
  return {
    type: 'BOOKMARK',
    object: { kind, apiVersion, metadata: { resourceVersion: String(revision), creationTimestamp: null } },
  };
}

interface Stream {
  send(type: string, object: object): void;
  /** Sends the object, or its row where the client asked for a table. */
  show(type: ChangeType, object: StoredObject): void;
  end(): void;
}

function openStream(response: ServerResponse, request: ResourceRequest, settings: WatchSettings): Stream {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  const asTable = wantsTable(request);
  let isFirst = true;
  function send(type: string, object: object): void {
    if (response.writableEnded || response.destroyed) return;
    if (settings.isDropped()) response.destroy();
    else response.write(`${JSON.stringify({ type, object })}\n`);
  }
  return {
    send,
    show(type, object) {
      const { resourceVersion } = object.metadata;
      send(type, asTable ? toTable(request, [object], { resourceVersion }, isFirst) : object);
      isFirst = false;
    },
    end: () => response.end(),
  };
}

/** What the watch begins with: all present objects, the changes since a revision, or nothing but the error. */
function catchUp(store: Store, request: ResourceRequest, matches: Match, stream: Stream): boolean {
  const since = readNumber(request.query, 'resourceVersion') ?? 0;
  if (since === 0) {
    const objects = store.list(request.resource.key, request.namespace).filter(matches);
    for (const object of objects) stream.show('ADDED', object);
    return true;
  }
  const changes = store.changesSince(since);
  if (changes === 'expired') {
    stream.send('ERROR', toStatus(expired(`too old resource version: ${since} (${store.revision()})`)));
    return false;
  }
  for (const change of changes) relay(request, change, matches, stream);
  return true;
}

function relay(request: ResourceRequest, change: Change, matches: Match, stream: Stream): void {
  if (change.resource !== request.resource.key) return;
  if (request.namespace !== undefined && change.object.metadata.namespace !== request.namespace) return;
  const type = showChange(change, matches);
  if (type === undefined) return;
  const object: StoredObject =
    type === 'DELETED' && change.type !== 'DELETED'
      ? withVersion(change.previous ?? change.object, change)
      : change.object;
  stream.show(type, object);
}

/** The last state that matched, at the revision at which it ceased to. */
function withVersion(object: StoredObject, change: Change): StoredObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(change.revision) } };
}

/**
 * A stream of events, each sent at once. Ends after timeoutSeconds, or when either side closes.
 * @throws StatusError 400 before the stream begins
 */
export function watch(store: Store, request: ResourceRequest, settings: WatchSettings): StreamReply {
  const { query } = request;
  const matches = parseSelectors(request);
  const seconds = readNumber(query, 'timeoutSeconds') || DEFAULT_WATCH_SECONDS;
  readNumber(query, 'resourceVersion');
  if (query.has('sendInitialEvents')) {
    throw badRequest(
      'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
    );
  }
  const bookmarks = isTrue(query.get('allowWatchBookmarks') ?? 'false');
  return {
    stream(response) {
      const stream = openStream(response, request, settings);
      if (!catchUp(store, request, matches, stream)) {
        stream.end();
        return;
      }
      const mark = () => {
        if (bookmarks && !response.writableEnded) {
          response.write(`${JSON.stringify(bookmark(request, store.revision()))}\n`);
        }
      };
      const stop = store.subscribe((change) => relay(request, change, matches, stream));
      const ticking = setInterval(mark, settings.bookmarkMs);
      const ending = setTimeout(() => {
        mark();
        stream.end();
      }, seconds * 1000);
      response.once('close', () => {
        stop();
        clearInterval(ticking);
        clearTimeout(ending);
      });
    },
  };
}
