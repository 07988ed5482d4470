// The look alone, for pages without Element Plus.
import './tokens.css'
import './base.css'
