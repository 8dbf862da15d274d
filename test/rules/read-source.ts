import { posix } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import type { RepositoryFile } from '../support/repository-files.ts';

export interface Import {
  /** The module as written; undefined if it is computed: `import(name)`. */
  readonly specifier: string | undefined;
  /** True if it disappears when types are stripped. */
  readonly isType: boolean;
}

/** The facts of a source file that the rules need. */
export interface SourceFacts {
  readonly imports: readonly Import[];
  /** Every identifier in the file, including properties: `globalThis.Deno` has `Deno`. */
  readonly identifiers: ReadonlySet<string>;
  /** True if it uses the `env` of `process`, under any name. */
  readonly usesEnvironment: boolean;
}

/** Parses TypeScript. Throws on a syntax error. */
export function readSource(file: string, text: string): SourceFacts {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);

  const imports: Import[] = [];
  const identifiers = new Set<string>();
  let usesEnvironment = false;

  new Visitor({
    ImportDeclaration(node) {
      const { specifiers } = node;
      const isType =
        node.importKind === 'type' ||
        (specifiers.length > 0 &&
          specifiers.every((each) => 'importKind' in each && each.importKind === 'type'));
      imports.push({ specifier: node.source.value, isType });
      if (node.source.value.endsWith('process')) {
        usesEnvironment ||= specifiers.some(
          (each) =>
            each.type === 'ImportSpecifier' &&
            each.imported.type === 'Identifier' &&
            each.imported.name === 'env',
        );
      }
    },
    ExportNamedDeclaration(node) {
      if (!node.source) return;
      imports.push({ specifier: node.source.value, isType: node.exportKind === 'type' });
    },
    ExportAllDeclaration(node) {
      imports.push({ specifier: node.source.value, isType: node.exportKind === 'type' });
    },
    ImportExpression({ source }) {
      const isText = source.type === 'Literal' && typeof source.value === 'string';
      imports.push({ specifier: isText ? String(source.value) : undefined, isType: false });
    },
    TSImportType(node) {
      imports.push({ specifier: node.source.value, isType: true });
    },
    Identifier(node) {
      identifiers.add(node.name);
    },
    MemberExpression(node) {
      const { object, property } = node;
      const owner =
        object.type === 'MemberExpression'
          ? object.property
          : object.type === 'Identifier'
            ? object
            : undefined;
      usesEnvironment ||= isNamed(owner, 'process') && isNamed(property, 'env');
    },
    VariableDeclarator({ id, init }) {
      if (id.type !== 'ObjectPattern' || !isNamed(init ?? undefined, 'process')) return;
      usesEnvironment ||= id.properties.some(
        (property) => property.type === 'Property' && isNamed(property.key, 'env'),
      );
    },
  }).visit(program);
  return { imports, identifiers, usesEnvironment };
}

/** Returns the paths of the files that a file imports, without those of packages. */
export function importedFiles({ path, text }: RepositoryFile): string[] {
  return readSource(path, text).imports.flatMap(({ specifier }) =>
    specifier?.startsWith('.') ? posix.join(posix.dirname(path), specifier) : [],
  );
}

function isNamed(node: { type: string } | undefined, name: string): boolean {
  if (node === undefined) return false;
  if ('name' in node) return node.name === name;
  return 'value' in node && node.value === name;
}
