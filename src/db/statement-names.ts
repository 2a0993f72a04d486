/** More would fill the server's memory: each connection keeps every statement that it was once given by name. */
const mostNames = 400;
/** A list of values makes a statement of its own for each length; those of long lists are not worth keeping. */
const mostParameters = 40;

/** Names under which a connection may keep a statement parsed and planned; null: it is sent as text each time. */
export type StatementNames = (text: string, parameterCount: number) => string | null;

/** The first statements that come get a name, which spares the server parsing and planning them again. */
export function createStatementNames(): StatementNames {
  const names = new Map<string, string>();
  return (text, parameterCount) => {
    if (parameterCount > mostParameters) return null;
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= mostNames) return null;
    const name = `hub${names.size}`;
    names.set(text, name);
    return name;
  };
}
