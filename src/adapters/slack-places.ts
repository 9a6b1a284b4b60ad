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
  const isSlack = url.hostname === 'slack.com' || url.hostname.endsWith('.slack.com');
  return {
    api,
    answers: isSlack ? 'https://hooks.slack.com' : url.origin,
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

/** Whether a web socket's address is one of Slack's, or on the server that stands in for it. */
export function isSocketUrl(socketUrl: string, { api }: SlackPlaces): boolean {
  const url = URL.parse(socketUrl);
  if (url === null) return false;
  const isSlack = url.hostname === 'slack.com' || url.hostname.endsWith('.slack.com');
  if (isSlack) return url.protocol === 'wss:';
  const place = new URL(api);
  return url.hostname === place.hostname && url.protocol === (place.protocol === 'https:' ? 'wss:' : 'ws:');
}

/** Slack's address for the bytes of a file; undefined when it is nowhere of Slack's. */
export function findUploadUrl(uploadUrl: string, { files }: SlackPlaces): URL | undefined {
  const url = URL.parse(uploadUrl);
  return url !== null && files.includes(url.origin) ? url : undefined;
}
