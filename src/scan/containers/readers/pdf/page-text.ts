/** The text of a page: what the operators of its content show (ISO 32000-2, sections 8.4, 8.10 and 9.4). */
import { ContainerError } from '../../container.ts';
import type { PdfDocument } from './document.ts';
import { Font } from './font.ts';
import { EndOfBytes, Lexer } from './lexer.ts';
import { IDENTITY, type Matrix, TextLayout, product } from './text-layout.ts';
import { type Dictionary, Name, Operator, PdfStream, type PdfValue, isArray, nameIn } from './values.ts';

/** Contents within contents, deeper than this, are left out; so are operators after this many. */
const MAX_DEPTH = 8;
const MAX_OPERATORS = 5_000_000;
const OPERATORS_PER_CHECK = 1000;
const MAX_SAVED_STATES = 64;
/** More operands than the longest operator has. */
const MAX_OPERANDS = 64;
/** With fewer characters than these unknown, a page counts as read: symbols for lists, for example. */
const MAX_UNKNOWN = 16;

interface State {
  ctm: Matrix;
  font: Font | undefined;
  size: number;
  characterSpacing: number;
  wordSpacing: number;
  scale: number;
  leading: number;
}

export class PageText {
  readonly #document: PdfDocument;
  readonly #fonts = new Map<PdfValue, Font>();
  readonly #layout = new TextLayout();
  /** The places of the streams that were read. */
  readonly #seen: Set<number>;
  #operators = 0;
  #unknown = 0;
  #problem: ContainerError | undefined;

  /** @param seen where the places of the streams that are read are added */
  constructor(document: PdfDocument, seen: Set<number>) {
    this.#document = document;
    this.#seen = seen;
  }

  /** The lines of what was added. */
  lines(): readonly string[] {
    return this.#layout.lines();
  }

  /** Why the text is not complete. */
  get problem(): ContainerError | undefined {
    if (this.#problem !== undefined || this.#unknown <= MAX_UNKNOWN) return this.#problem;
    return new ContainerError('unsupported', 'a font does not say which characters it shows');
  }

  /** Adds the text of a stream with content. */
  async add(stream: PdfStream, resources: Dictionary, depth = 0, ctm = IDENTITY): Promise<void> {
    this.#seen.add(stream.from);
    const { bytes, problem } = await this.#document.bytes(stream);
    this.#problem ??= problem;
    await this.addContent(bytes, resources, depth, ctm);
  }

  async addContent(bytes: Buffer, resources: Dictionary, depth = 0, ctm = IDENTITY): Promise<void> {
    const lexer = new Lexer(bytes);
    const content = new Content(ctm);
    let operands: PdfValue[] = [];
    for (;;) {
      let token: PdfValue | undefined;
      try {
        token = lexer.next();
      } catch (error) {
        if (error instanceof EndOfBytes) return;
        throw error;
      }
      if (token === undefined) return;
      if (!(token instanceof Operator)) {
        if (operands.length < MAX_OPERANDS) operands.push(token);
        continue;
      }
      this.#count();
      if (token.word === 'ID') lexer.skipImage();
      else if (token.word === 'Tf') await this.#setFont(content, operands, resources);
      else if (token.word === 'Do') await this.#show(content, operands[0], resources, depth);
      else this.#unknown += content.apply(token.word, operands, this.#layout);
      operands = [];
    }
  }

  #count(): void {
    this.#operators += 1;
    if (this.#operators % OPERATORS_PER_CHECK === 0) this.#document.check();
    if (this.#operators > MAX_OPERATORS)
      throw new ContainerError('container-limit', 'a page has too many operators');
  }

  async #setFont(content: Content, [name, size]: readonly PdfValue[], resources: Dictionary): Promise<void> {
    const fonts = await this.#document.dictionary(resources.get('Font'));
    const value = name instanceof Name ? (fonts.get(name.name) ?? null) : null;
    const dictionary = await this.#document.dictionary(value);
    const known = this.#fonts.get(dictionary);
    const font = known ?? (await Font.load(this.#document, dictionary));
    this.#fonts.set(dictionary, font);
    content.setFont(font, typeof size === 'number' ? size : 1);
  }

  /** Another content within this one. */
  async #show(
    content: Content,
    name: PdfValue | undefined,
    resources: Dictionary,
    depth: number,
  ): Promise<void> {
    const objects = await this.#document.dictionary(resources.get('XObject'));
    const form = await this.#document.resolve(name instanceof Name ? objects.get(name.name) : undefined);
    if (!(form instanceof PdfStream) || nameIn(form.dictionary, 'Subtype') !== 'Form') return;
    if (depth >= MAX_DEPTH) {
      this.#problem ??= new ContainerError('container-limit', 'contents are nested too deep');
      return;
    }
    const own = form.dictionary.get('Resources');
    const inner = own === undefined ? resources : await this.#document.dictionary(own);
    const matrix = matrixOf(form.dictionary.get('Matrix')) ?? IDENTITY;
    await this.add(form, inner, depth + 1, product(matrix, content.ctm));
  }
}

/** The state of one content: where text goes, and how large it is. */
class Content {
  #state: State;
  readonly #saved: State[] = [];
  #text: Matrix = IDENTITY;
  #line: Matrix = IDENTITY;

  constructor(ctm: Matrix) {
    const spacing = { characterSpacing: 0, wordSpacing: 0, scale: 1, leading: 0 };
    this.#state = { ctm, font: undefined, size: 1, ...spacing };
  }

  get ctm(): Matrix {
    return this.#state.ctm;
  }

  setFont(font: Font, size: number): void {
    this.#state.font = font;
    this.#state.size = size;
  }

  /** @returns how many characters that it shows are unknown */
  apply(operator: string, operands: readonly PdfValue[], layout: TextLayout): number {
    const numbers = operands.map((operand) => (typeof operand === 'number' ? operand : 0));
    const [first = 0, second = 0] = numbers;
    const state = this.#state;
    switch (operator) {
      case 'q':
        if (this.#saved.length < MAX_SAVED_STATES) this.#saved.push({ ...state });
        return 0;
      case 'Q':
        this.#state = this.#saved.pop() ?? state;
        return 0;
      case 'cm':
        state.ctm = product(matrixOf(operands) ?? IDENTITY, state.ctm);
        return 0;
      case 'BT':
        this.#place(IDENTITY);
        return 0;
      case 'Tm':
        this.#place(matrixOf(operands) ?? IDENTITY);
        return 0;
      case 'TD':
        state.leading = -second;
        this.#move(first, second);
        return 0;
      case 'Td':
        this.#move(first, second);
        return 0;
      case 'T*':
        this.#move(0, -state.leading);
        return 0;
      case 'TL':
        state.leading = first;
        return 0;
      case 'Tc':
        state.characterSpacing = first;
        return 0;
      case 'Tw':
        state.wordSpacing = first;
        return 0;
      case 'Tz':
        state.scale = first / 100;
        return 0;
      case '"':
        [state.wordSpacing, state.characterSpacing] = [first, second];
        this.#move(0, -state.leading);
        return this.#show(operands[2] ?? null, layout);
      case "'":
        this.#move(0, -state.leading);
        return this.#show(operands[0] ?? null, layout);
      case 'Tj':
        return this.#show(operands[0] ?? null, layout);
      case 'TJ':
        return this.#showAll(operands[0], layout);
      default:
        return 0;
    }
  }

  #place(matrix: Matrix): void {
    this.#text = matrix;
    this.#line = matrix;
  }

  #move(x: number, y: number): void {
    this.#place(product([1, 0, 0, 1, x, y], this.#line));
  }

  #showAll(operand: PdfValue | undefined, layout: TextLayout): number {
    let unknown = 0;
    for (const element of isArray(operand) ? operand : []) {
      if (typeof element === 'number')
        this.#advance((-element / 1000) * this.#state.size * this.#state.scale);
      else unknown += this.#show(element, layout);
    }
    return unknown;
  }

  /** Shows a string, at once: within it, there is no space but that of its characters. */
  #show(operand: PdfValue, layout: TextLayout): number {
    const { font, size, characterSpacing, wordSpacing, scale } = this.#state;
    if (font === undefined || typeof operand !== 'string') return 0;
    const from = this.#onPage();
    let [text, width, unknown] = ['', 0, 0];
    for (const glyph of font.glyphs(operand)) {
      text += glyph.text;
      width += glyph.width * size + characterSpacing + (glyph.isSpace ? wordSpacing : 0);
      if (!glyph.isKnown) unknown += 1;
    }
    this.#advance(width * scale);
    layout.add(text, from, this.#onPage());
    return unknown;
  }

  #advance(distance: number): void {
    this.#text = product([1, 0, 0, 1, distance, 0], this.#text);
  }

  /** Where text goes on the page, in units of the font's size. */
  #onPage(): Matrix {
    const { size, ctm } = this.#state;
    return product([size, 0, 0, size, 0, 0], product(this.#text, ctm));
  }
}

function matrixOf(value: PdfValue | undefined): Matrix | undefined {
  if (!isArray(value)) return undefined;
  const [a, b, c, d, e, f] = value.map((number) => (typeof number === 'number' ? number : 0));
  if (a === undefined || b === undefined || c === undefined) return undefined;
  return d === undefined || e === undefined || f === undefined ? undefined : [a, b, c, d, e, f];
}
