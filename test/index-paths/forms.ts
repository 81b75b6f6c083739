/** A part of a form: a field, or a file. */
export interface FormPart {
  readonly name: string;
  readonly value: string;
  readonly fileName?: string;
  /** More header lines. */
  readonly headers?: readonly string[];
}

export const BOUNDARY = "8f6dc3f4b9b4497e8b4d";
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

export const field = (name: string, value: string): FormPart => ({ name, value });
export const file = (fileName: string, value = "PK\u0003\u0004", name = "content"): FormPart => ({
  name,
  value,
  fileName,
});

/** As twine and uv write it (urllib3's and reqwest's encoders). */
export function encodeForm(parts: readonly FormPart[], boundary = BOUNDARY): string {
  const encoded = parts.map(({ name, value, fileName, headers = [] }) => {
    const disposition = `Content-Disposition: form-data; name="${name}"`;
    const lines = fileName === undefined ? [disposition] : [`${disposition}; filename="${fileName}"`, OCTETS];
    return `--${boundary}\r\n${[...lines, ...headers].join("\r\n")}\r\n\r\n${value}\r\n`;
  });
  return `${encoded.join("")}--${boundary}--\r\n`;
}

const OCTETS = "Content-Type: application/octet-stream";

/** An upload that nothing is wrong with. */
export function uploadParts(name = "acme-core", fileName = "acme_core-1.0-py3-none-any.whl"): readonly FormPart[] {
  return [
    field(":action", "file_upload"),
    field("protocol_version", "1"),
    field("metadata_version", "2.4"),
    field("name", name),
    field("version", "1.0"),
    field("description", "# Acme\r\n\r\nCore of everything.\n--\n"),
    field("classifiers", "A"),
    field("classifiers", "B"),
    file(fileName),
  ];
}
