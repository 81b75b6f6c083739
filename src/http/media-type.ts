/** Whether a Content-Type names this media type, whatever its parameters (RFC 9110, section 8.3.1). */
export function isMediaType(contentType: string | undefined, mediaType: string): boolean {
  return contentType?.replace(/;.*$/s, "").trim().toLowerCase() === mediaType;
}
