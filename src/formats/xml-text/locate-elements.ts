import { SaxesParser } from "saxes";
import { InputError } from "../../core/errors.ts";
import { unusable } from "../unusable.ts";

/** An element of an XML text and where it lies there; offsets count UTF-16 units. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly children: readonly XmlElement[];
  /** At the `<` of its opening tag. */
  readonly start: number;
  /** Behind the `>` of its opening tag. */
  readonly openEnd: number;
  /** At the `<` of its closing tag; `openEnd` where the opening tag closes itself. */
  readonly closeStart: number;
  /** Behind the element. */
  readonly end: number;
}

/** An attribute and where it lies in the text. */
export interface XmlAttribute {
  /** With its references resolved. */
  readonly value: string;
  /** At the first letter of its name. */
  readonly start: number;
  /** Behind its closing quote. */
  readonly end: number;
}

interface OpenElement extends XmlElement {
  children: XmlElement[];
  attributes: Map<string, XmlAttribute>;
  openEnd: number;
  closeStart: number;
  end: number;
}

/**
 * The root element of an XML text, with everything in it.
 *
 * @throws {InputError} for text that is not well-formed, and for a document type: nothing in it is ever resolved
 */
export function locateElements(name: string, text: string): XmlElement {
  const locator = new Locator(name, text);
  try {
    return locator.run();
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    // The parser's own sentence starts with the line and the column.
    const problem = cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause);
    throw unusable(name, `broken XML (${problem})`, "a whole XML file", cause);
  }
}

class Locator {
  readonly #parser = new SaxesParser();
  readonly #open: OpenElement[] = [];
  #root: XmlElement | undefined;
  readonly #name: string;
  readonly #text: string;

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
    this.#parser.on("xmldecl", ({ encoding }) => this.#checkEncoding(encoding));
    this.#parser.on("doctype", () => {
      throw unusable(name, "an XML document type", "XML without one: its entities are not resolved");
    });
    this.#parser.on("opentagstart", (tag) => this.#start(tag.name));
    this.#parser.on("attribute", (attribute) => this.#attribute(attribute.name, attribute.value));
    this.#parser.on("opentag", () => {
      this.#open.at(-1)!.openEnd = this.#parser.position;
    });
    this.#parser.on("closetag", (tag) => this.#close(tag.isSelfClosing));
  }

  run(): XmlElement {
    this.#parser.write(this.#text).close();
    if (this.#root === undefined) throw unusable(this.#name, "no element", "an XML file");
    return this.#root;
  }

  #checkEncoding(encoding = "utf-8"): void {
    if (!/^(?:utf-?8|us-ascii|ascii)$/i.test(encoding)) {
      throw unusable(this.#name, `XML that says its encoding is ${encoding}`, "utf-8");
    }
  }

  #start(name: string): void {
    // The parser stands behind the character that ended the name.
    const start = this.#parser.position - name.length - 2;
    const open = { start, openEnd: 0, closeStart: 0, end: 0 };
    this.#open.push({ name, attributes: new Map(), children: [], ...open });
  }

  #attribute(name: string, value: string): void {
    const end = this.#parser.position;
    // A value cannot hold its own quote, nor a tag an attribute's name twice.
    const quote = this.#text.lastIndexOf(this.#text[end - 1]!, end - 2);
    const start = this.#text.lastIndexOf(name, quote - 1);
    this.#open.at(-1)!.attributes.set(name, { value, start, end });
  }

  #close(selfClosing: boolean): void {
    const element = this.#open.pop()!;
    element.end = this.#parser.position;
    element.closeStart = selfClosing ? element.openEnd : this.#text.lastIndexOf("</", element.end - 1);
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }
}
