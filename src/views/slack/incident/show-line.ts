import { type Line, oneLine } from '../../incident/line.ts';
import { cutMarkup } from '../cut-text.ts';
import { code, escapeSentence, link, strong } from '../markup.ts';

const LONGEST_LINE = 400;
/** Lines of a text that somebody wrote. */
const LINES = 40;
const LONGEST_TEXT_LINE = 2_000;

/** A sentence whose parts are disarmed, as markup. */
export function showLine({ text, strong: isStrong = false, url, label = 'more', command }: Line): string {
  const words = cutMarkup(escapeSentence(oneLine(text)), LONGEST_LINE);
  const to = link(url, label);
  return [
    isStrong ? strong(words) : words,
    ...(command === undefined ? [] : [code(`/dr ${command}`)]),
    // What is no link is not worth its label.
    ...(to.startsWith('<') ? [to] : []),
  ].join(' ');
}

/** What somebody wrote, line by line; it is disarmed. */
export function showText(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const shown = lines.slice(0, LINES).map((line) => cutMarkup(escapeSentence(line), LONGEST_TEXT_LINE));
  return lines.length > LINES ? [...shown, '…'] : shown;
}

/** A Slack channel that people can click. */
export function showChannel(channel: string): string {
  return /^[CGD][A-Z0-9]{2,}$/.test(channel) ? `<#${channel}>` : escapeSentence(channel);
}
