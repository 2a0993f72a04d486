import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import {
  Message,
  MessagePage,
  MessageQuery,
  MessageTemplate,
  TemplateChange,
  TemplatePage,
  TemplateParam,
  TemplateQuery,
  TestMessage,
} from './schema.ts';
import { dropTemplate, getTemplate, listTemplates, saveTemplate } from './templates.ts';
import { listMessages, type MessagesDeps, retryMessage, sendTest } from './verbs.ts';

const tags = ['messages'];
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'] as const;
const templatePath = '/message-templates/{event}/{language}';

const list = createRoute({
  ...needs('messages:read'),
  method: 'get',
  path: '/messages',
  tags,
  summary: 'List messages and what became of them, the newest first',
  request: { query: MessageQuery },
  responses: { 200: answers(MessagePage, 'A page of messages'), ...refuses(...usual) },
});

const retry = createRoute({
  ...needs('messages:write'),
  method: 'post',
  path: '/messages/{id}/retry',
  tags,
  summary: 'Try a message that was given up once more',
  request: { params: IdParam },
  responses: { 200: answers(Message, 'The message, queued again'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

const test = createRoute({
  ...needs('messages:write'),
  method: 'post',
  path: '/messages/test',
  tags,
  summary: 'Send a test message',
  request: { body: takes(TestMessage) },
  responses: { 202: answers(Message, 'The message, queued'), ...refuses(...usual) },
});

const templates = createRoute({
  ...needs('messages:read'),
  method: 'get',
  path: '/message-templates',
  tags,
  summary: 'List the texts of messages, in each language',
  request: { query: TemplateQuery },
  responses: { 200: answers(TemplatePage, 'A page of texts'), ...refuses(...usual) },
});

const template = createRoute({
  ...needs('messages:read'),
  method: 'get',
  path: templatePath,
  tags,
  summary: 'The text of one message, and what may be put into it',
  request: { params: TemplateParam },
  responses: { 200: answers(MessageTemplate, 'The text in force'), ...refuses(...usual) },
});

const save = createRoute({
  ...needs('messages:write'),
  method: 'put',
  path: templatePath,
  tags,
  summary: 'Reword a message, or turn it off',
  request: { params: TemplateParam, body: takes(TemplateChange) },
  responses: { 200: answers(MessageTemplate, 'The text in force'), ...refuses(...usual) },
});

const drop = createRoute({
  ...needs('messages:write'),
  method: 'delete',
  path: templatePath,
  tags,
  summary: 'Go back to the text of the installation',
  request: { params: TemplateParam },
  responses: { 204: { description: 'The text of the installation is in force' }, ...refuses(...usual) },
});

/** `messages` and `message-templates` (spec M1). */
export function messagesRoutes(deps: MessagesDeps): Routes {
  const routes = newRoutes();
  routes.openapi(list, async (c) => c.json(await listMessages(deps, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(test, async (c) => c.json(await sendTest(deps, whoAsks(c), c.req.valid('json')), 202));
  routes.openapi(retry, async (c) => c.json(await retryMessage(deps, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(templates, async (c) => c.json(await listTemplates(deps, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(template, async (c) => c.json(await getTemplate(deps, whoAsks(c), c.req.valid('param')), 200));
  routes.openapi(save, async (c) =>
    c.json(await saveTemplate(deps, whoAsks(c), c.req.valid('param'), c.req.valid('json')), 200),
  );
  routes.openapi(drop, async (c) => {
    await dropTemplate(deps, whoAsks(c), c.req.valid('param'));
    return c.body(null, 204);
  });
  return routes;
}
