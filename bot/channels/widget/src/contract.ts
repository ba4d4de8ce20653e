// TURN and REPLY as the web channel gives them (/webhooks/web/openapi.json).
export interface Turn { text?: string; payload?: string; location?: { lat: number; lon: number } }
export interface Button { title: string; payload: string }
export interface Card { title: string; subtitle?: string; url?: string; distance_km?: number }
export interface Source { title: string; clause?: string; as_of: string; url?: string }
export interface Reply {
  text?: string; buttons?: Button[]; cards?: Card[]; image?: string; file?: { name: string; url: string; mime: string }; sources?: Source[];
}
export interface Said { number: number; user: Turn & { payload_title?: string }; replies: Reply[]; topic: string; client_message_id?: string }
