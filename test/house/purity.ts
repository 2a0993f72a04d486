import ts from 'typescript';

export type Impurity = { readonly what: string; readonly line: number };

/** Names that reach outside: time, chance, waiting, the process, the network, the console. */
const outside = new Set([
  'process',
  'console',
  'fetch',
  'crypto',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'globalThis',
  'require',
  'eval',
  'Promise',
  'WebSocket',
  'Buffer',
]);

/** Calls that are pure in part only. */
const impureMembers = new Set(['Date.now', 'Math.random']);

/** A name that stands for itself: not a property's, not a type's, not one that is being declared. */
function isValueName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node) return false;
  if (ts.isParameter(parent) || ts.isVariableDeclaration(parent)) return parent.initializer === node;
  return !ts.isTypeNode(parent) && !ts.isImportSpecifier(parent);
}

const isAsync = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);

/** The clock, asked by `new Date()` or `Date()`; with an argument a date is arithmetic. */
function readsClock(node: ts.Node): boolean {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return false;
  if (node.expression.getText() !== 'Date') return false;
  return ts.isCallExpression(node) || (node.arguments ?? []).length === 0;
}

/** State that outlives a call: a `let` or `var` of the module. */
const isModuleState = (node: ts.Node): boolean =>
  ts.isVariableStatement(node) && ts.isSourceFile(node.parent) && !(node.declarationList.flags & ts.NodeFlags.Const);

function impurityOf(node: ts.Node): string | null {
  if (ts.isThrowStatement(node)) return 'throw';
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return 'await';
  if (isAsync(node)) return 'async';
  if (readsClock(node)) return 'Date without an argument';
  if (isModuleState(node)) return 'state of the module';
  if (ts.isPropertyAccessExpression(node) && impureMembers.has(node.getText())) return node.getText();
  if (ts.isIdentifier(node) && outside.has(node.text) && isValueName(node)) return node.text;
  if (ts.isImportDeclaration(node) && !isOwnImport(node)) return `import ${node.moduleSpecifier.getText()}`;
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? 'import()' : null;
}

function isOwnImport({ moduleSpecifier }: ts.ImportDeclaration): boolean {
  return ts.isStringLiteral(moduleSpecifier) && /^[#.]/.test(moduleSpecifier.text);
}

/** What in a source text looks at the clock, rolls dice, waits, throws or reaches outside; lines count from 1. */
export function impurities(fileName: string, text: string): readonly Impurity[] {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2023, true);
  const found: Impurity[] = [];
  const visit = (node: ts.Node): void => {
    const what = impurityOf(node);
    if (what !== null) found.push({ what, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
