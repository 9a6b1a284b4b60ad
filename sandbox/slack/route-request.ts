import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, answerError, answerPlain, answerWith, writeAnswer } from './answer.ts';
import type { MethodContext } from './methods/method.ts';
import { METHODS } from './methods/method-table.ts';
import { performCall, type Tokens } from './perform-call.ts';
import type { Pipeline } from './pipeline.ts';
import { decodeArguments, decodeFile, readBody, readToken } from './read-request.ts';
import type { ResponseUrls } from './response-urls.ts';
import { SlackError } from './slack-error.ts';

export interface Routes {
  context: MethodContext;
  tokens: Tokens;
  pipeline: Pipeline;
  responseUrls: ResponseUrls;
}

type Handler = (routes: Routes, request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/** Slack tells with each answer what the token may do, and what the method needs. */
function scopeHeaders({ granted }: MethodContext, method: string): Record<string, string> {
  return {
    'x-oauth-scopes': [...granted].sort().join(','),
    'x-accepted-oauth-scopes': (METHODS[method]?.scopes ?? []).join(','),
  };
}

const handleCall: Handler = async ({ context, tokens, pipeline }, request, response, url) => {
  const method = url.pathname.slice('/api/'.length);
  const args = decodeArguments(request, url.searchParams, await readBody(request));
  const token = readToken(request, args);
  await pipeline.pass(method, args, response, () => {
    const answer = answerWith(() => performCall(context, tokens, { method, args, token }));
    return token === tokens.bot
      ? { ...answer, headers: { ...answer.headers, ...scopeHeaders(context, method) } }
      : answer;
  });
};

const handleUpload: Handler = async ({ context, pipeline }, request, response, url) => {
  const [id = '', secret = ''] = url.pathname.slice('/upload/v1/'.length).split('/');
  const upload = context.uploads.get(id);
  const content = await decodeFile(request, await readBody(request, (upload?.length ?? 0) + 4_096));
  await pipeline.pass('upload', { file: id, length: content.length }, response, () => {
    if (upload === undefined || upload.secret !== secret) return answerPlain(404, 'file_not_found');
    if (content.length !== upload.length) return answerPlain(400, 'length_mismatch');
    upload.content = content;
    return answerPlain(200, `OK - ${content.length}`);
  });
};

const handleDownload: Handler = async ({ context, tokens }, request, response, url) => {
  const upload = context.uploads.get(url.pathname.split('/')[2] ?? '');
  const allowed = readToken(request, {}) === tokens.bot;
  if (!allowed || upload?.content === undefined || upload.file === undefined)
    writeAnswer(response, answerPlain(allowed ? 404 : 401, allowed ? 'file_not_found' : 'not_authed'));
  else
    writeAnswer(response, {
      status: 200,
      headers: { 'content-type': upload.file.mimetype },
      body: upload.content,
      outcome: 'ok',
    });
};

const handleResponseUrl: Handler = async ({ pipeline, responseUrls }, request, response, url) => {
  const body = decodeArguments(request, new URLSearchParams(), await readBody(request));
  await pipeline.pass(
    'response_url',
    body,
    response,
    (): Answer => responseUrls.respond(url.pathname, body) ?? answerPlain(404, 'no_team'),
  );
};

function findHandler(method: string | undefined, path: string): Handler | undefined {
  if (path.startsWith('/api/')) return handleCall;
  if (method === 'GET' && path.startsWith('/files-pri/')) return handleDownload;
  if (method !== 'POST') return undefined;
  if (path.startsWith('/upload/v1/')) return handleUpload;
  return /^\/(commands|actions)\//.test(path) ? handleResponseUrl : undefined;
}

export async function routeRequest(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox.invalid');
  const handler = findHandler(request.method, url.pathname);
  if (handler === undefined) return writeAnswer(response, answerPlain(404, 'not_found'));
  try {
    await handler(routes, request, response, url);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    writeAnswer(response, answerError(error.code, error.details));
  }
}
