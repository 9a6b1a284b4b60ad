import { type Arguments, needText, readInteger, readJson, readText } from '../arguments.ts';
import { composeMessage, signAsBot } from '../compose-message.ts';
import { copyOf, objectsIn } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { putMessage } from '../record-message.ts';
import { refuseArguments, SlackError } from '../slack-error.ts';
import type { Channel, StoredFile } from '../slack-types.ts';
import { typeOf, type Upload } from '../uploads.ts';
import { makeSecret, unixSeconds } from '../workspace.ts';
import { enterChannel, seeChannel } from './access.ts';
import { readThread } from './chat-post.ts';
import type { Method, MethodContext } from './method.ts';

export const getUploadUrl: Method = ({ workspace, uploads, origin }, args) => {
  const filename = needText(args, 'filename');
  const length = readInteger(args, 'length');
  if (length === undefined) throw refuseArguments('missing required field: length');
  if (length <= 0) throw new SlackError('invalid_arguments');
  if (length > LIMITS.fileBytes) throw new SlackError('file_upload_size_restricted');
  const upload: Upload = {
    id: workspace.nextId('F'),
    secret: makeSecret(),
    filename,
    length,
    content: undefined,
    file: undefined,
  };
  uploads.set(upload.id, upload);
  return { upload_url: `${origin()}/upload/v1/${upload.id}/${upload.secret}`, file_id: upload.id };
};

function finish({ workspace, origin }: MethodContext, upload: Upload, title: string | undefined): StoredFile {
  const path = `${origin()}/files-pri/${upload.id}`;
  return {
    id: upload.id,
    created: unixSeconds(workspace),
    name: upload.filename,
    title: title ?? upload.filename,
    ...typeOf(upload.filename),
    size: upload.length,
    user: workspace.bot.user,
    url_private: `${path}/${encodeURIComponent(upload.filename)}`,
    url_private_download: `${path}/download/${encodeURIComponent(upload.filename)}`,
    permalink: `https://${workspace.team.domain}.slack.com/files/${workspace.bot.user}/${upload.id}`,
    channels: [],
    groups: [],
    ims: [],
  };
}

function noteShare(file: StoredFile, channel: Channel): void {
  if (channel.kind === 'public') file.channels.push(channel.id);
  else if (channel.kind === 'private') file.groups.push(channel.id);
  else file.ims.push(channel.id);
}

function share({ workspace }: MethodContext, args: Arguments, channel: Channel, files: StoredFile[]): void {
  const text = readText(args, 'initial_comment');
  const { blocks } = args;
  const said = { ...(text === undefined ? {} : { text }), ...(blocks === undefined ? {} : { blocks }) };
  const { content, draft } = composeMessage(said, true);
  const thread = readThread(channel, args);
  for (const file of files) noteShare(file, channel);
  const message = {
    ...signAsBot(workspace, content),
    files,
    upload: true,
    ...(thread === undefined ? {} : { thread_ts: thread }),
  };
  putMessage(workspace, channel, message, { ...draft, files: files.map(({ id }) => id) }, 'file');
}

function needUpload({ uploads }: MethodContext, id: string): Upload {
  const upload = uploads.get(id);
  if (upload?.content === undefined) throw new SlackError('file_not_found');
  if (upload.file !== undefined) throw new SlackError('file_update_failed');
  return upload;
}

/** Finishes the upload and shares the files as one message, in the channel or in a thread of it. */
export const completeUpload: Method = (context, args) => {
  const wanted = objectsIn(readJson(args, 'files'));
  if (wanted.length === 0) throw refuseArguments('missing required field: files');
  const uploads = wanted.map((file) => ({
    upload: needUpload(context, needText(file, 'id')),
    title: readText(file, 'title'),
  }));
  const given = readText(args, 'channel_id') ?? readText(args, 'channels');
  const channel = given === undefined ? undefined : enterChannel(context.workspace, { channel: given });
  if (channel === undefined && readText(args, 'thread_ts') !== undefined) throw new SlackError('invalid_arguments');
  const files = uploads.map(({ upload, title }) => finish(context, upload, title));
  if (channel !== undefined) share(context, args, channel, files);
  uploads.forEach(({ upload }, index) => {
    upload.file = files[index];
  });
  return { files: copyOf(files) };
};

export const fileInfo: Method = ({ uploads }, args) => {
  const file = uploads.get(needText(args, 'file'))?.file;
  if (file === undefined) throw new SlackError('file_not_found');
  return { file: copyOf(file), comments: [], response_metadata: { next_cursor: '' } };
};

export const listFiles: Method = ({ workspace, uploads }, args) => {
  const channel = readText(args, 'channel') === undefined ? undefined : seeChannel(workspace, args);
  const files = [...uploads.values()].flatMap(({ file }) => (file === undefined ? [] : [file]));
  const shown = files
    .filter((file) => channel === undefined || [file.channels, file.groups, file.ims].flat().includes(channel.id))
    .toReversed();
  const count = readInteger(args, 'count') ?? 100;
  const page = readInteger(args, 'page') ?? 1;
  return {
    files: copyOf(shown.slice((page - 1) * count, page * count)),
    paging: { count, total: shown.length, page, pages: Math.ceil(shown.length / count) },
  };
};
