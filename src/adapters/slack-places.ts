/** Which addresses Muster talks to: Slack's own, or those of the one server that stands in for it. */

export interface SlackPlaces {
  /** The Web API, ends in `/api/`. */
  api: string;
  /** The only origin that answers go to, whatever a payload says. */
  answers: string;
  /** The only origins that files go to. */
  files: readonly string[];
}

/** @param apiUrl with or without its slash at the end, with or without `/api` */
export function findPlaces(apiUrl: string): SlackPlaces {
  const url = new URL(apiUrl);
  const path = url.pathname.replace(/\/+$/, '');
  const api = `${url.origin}${path === '' ? '/api' : path}/`;
  return {
    api,
    answers: isSlackHost(url.hostname) ? 'https://hooks.slack.com' : url.origin,
    files: [url.origin, 'https://files.slack.com'],
  };
}

/** A payload's response_url on the one origin that answers go to; undefined when it names another host. */
export function findAnswerUrl(responseUrl: string, { answers }: SlackPlaces): URL | undefined {
  const given = URL.parse(responseUrl);
  const target = new URL(answers);
  if (given?.host !== target.host) return undefined;
  target.pathname = given.pathname;
  target.search = given.search;
  return target;
}

/** Whether a web socket's address is one of Slack's; of the server that stands in for it, where one does. */
export function isSocketUrl(socketUrl: string, { api }: SlackPlaces): boolean {
  const url = URL.parse(socketUrl);
  const place = new URL(api);
  if (url === null || url.protocol !== (place.protocol === 'https:' ? 'wss:' : 'ws:')) return false;
  return isSlackHost(place.hostname) ? isSlackHost(url.hostname) : url.hostname === place.hostname;
}

function isSlackHost(hostname: string): boolean {
  return hostname === 'slack.com' || hostname.endsWith('.slack.com');
}

/** Slack's address for the bytes of a file; undefined when it is nowhere of Slack's. */
export function findUploadUrl(uploadUrl: string, { files }: SlackPlaces): URL | undefined {
  const url = URL.parse(uploadUrl);
  return url !== null && files.includes(url.origin) ? url : undefined;
}
